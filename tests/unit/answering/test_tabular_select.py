"""What a model may write as a SELECT, and what the child process lets nothing do whatever was checked."""

import pytest

from flywheel.answering.tables.checked_select import checked, rows_read, written
from flywheel.answering.tables.select_runner import ROW, Relation, relations, run
from flywheel.answering.tables.sheet import Sheet
from flywheel.errors import InvalidInput
from tests.unit.answering.test_tabular import CONTRACTS, table

TABLES = {"prices": (ROW, "Product", "Price (EUR)")}
PRICES = Relation(
    "prices",
    (ROW, "Product", "Price (EUR)"),
    ("INTEGER", "TEXT", "REAL"),
    tuple((n, f"P{n}", float(n)) for n in range(1, 2001)),
)


@pytest.mark.parametrize(
    "select",
    [
        'SELECT SUM("Price (EUR)") AS total FROM prices',
        '```sql\nSELECT "Product" FROM prices ORDER BY "Price (EUR)" DESC LIMIT 3;\n```',
        'WITH x AS (SELECT "Product" AS p FROM prices) SELECT COUNT(*) AS n FROM x',
        'SELECT AVG(x.e) AS mean FROM (SELECT "Price (EUR)" AS e FROM prices) AS x',
        'SELECT "Product", RANK() OVER (ORDER BY "Price (EUR)") AS r FROM prices LIMIT 5',
        "SELECT COUNT(*) AS n FROM prices WHERE \"Product\" LIKE 'P1%' OR LOWER(\"Product\") = 'p2'",
    ],
)
def test_an_honest_select_passes_both_walls(select: str) -> None:
    assert run([PRICES], [written(checked(select, TABLES))])[0].rows


@pytest.mark.parametrize(
    "reply",
    [
        "DROP TABLE prices",
        "DELETE FROM prices",
        "INSERT INTO prices VALUES (1, 'a', 2)",
        "SELECT 1 FROM prices; DROP TABLE prices",
        'SELECT "Product" FROM prices -- ;\n; DELETE FROM prices',
        "SELECT \"Product\" FROM prices /* */ ; ATTACH 'x.db' AS x",
        "ATTACH DATABASE 'x.db' AS x",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('x') FROM prices",
        "SELECT randomblob(1000000000) FROM prices",
        "SELECT writefile('x', 'y') FROM prices",
        "SELECT hex(zeroblob(100000000)) FROM prices",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c, prices",
        "SELECT sql FROM sqlite_master",
        "SELECT (SELECT group_concat(sql) FROM sqlite_master) AS x FROM prices",
        "SELECT * FROM pragma_table_info('prices')",
        "SELECT * FROM other.prices",
        "SELECT 1",
        'SELECT "Secret" FROM prices',
        "SELECT ? FROM prices",
        "VALUES (1)",
        "I would rather not say.",
        "",
        "SELECT " + "(" * 500 + "1" + ")" * 500 + " FROM prices",
    ],
)
def test_anything_else_is_refused_before_it_runs(reply: str) -> None:
    with pytest.raises(InvalidInput):
        checked(reply, TABLES)


def test_what_runs_carries_no_comment() -> None:
    assert "hidden" not in written(checked('SELECT "Product" /* hidden */ FROM prices -- hidden', TABLES))


@pytest.mark.parametrize(
    "select",
    [
        "ATTACH DATABASE ':memory:' AS x",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('x')",
        "SELECT randomblob(1000000000)",
        "SELECT hex(zeroblob(1000000))",
        "SELECT writefile('x', 'y')",
        "SELECT sql FROM sqlite_master",
        "SELECT * FROM pragma_table_list",
        "SELECT * FROM json_each('[1]')",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c",
        "DELETE FROM prices",
        "UPDATE prices SET \"Product\" = 'x'",
        "CREATE TABLE more (a)",
        "VACUUM INTO 'copy.db'",
        "SELECT 1; DELETE FROM prices",
        "SELECT * FROM prices",
    ],
)
def test_the_child_refuses_by_itself_what_the_check_would_have_missed(select: str) -> None:
    with pytest.raises(InvalidInput):
        run([PRICES], [select])


def test_a_join_without_end_is_stopped_in_time() -> None:
    with pytest.raises(InvalidInput, match=r"interrupted|took"):
        run([PRICES], ["SELECT COUNT(*) FROM prices a, prices b, prices c, prices d"])


def test_a_result_too_large_to_show_is_refused() -> None:
    with pytest.raises(InvalidInput, match="200 rows"):
        run([PRICES], ['SELECT "Product" FROM prices'])


def test_a_text_that_grows_without_end_is_refused() -> None:
    with pytest.raises(InvalidInput):
        run([PRICES], ['SELECT GROUP_CONCAT(a."Product") AS t FROM prices a, prices b'])


def test_cells_reach_sql_as_numbers_days_and_nulls_without_totals() -> None:
    [made] = relations([Sheet(table(CONTRACTS, "Vendor contracts"))])

    assert made.types == ("INTEGER", "TEXT", "TEXT", "INTEGER", "TEXT")
    assert made.rows[1] == (2, "Northlight Fibre", "Sanne de Wit", 21400, "2027-02-28")
    assert len(made.rows) == 4


def test_two_tables_of_one_title_get_two_names() -> None:
    sheets = [Sheet(table(CONTRACTS, "2027 prices"))] * 2

    assert [one.name for one in relations(sheets)] == ["t_2027_prices", "t_2027_prices_2"]


def test_names_that_sqlite_keeps_for_itself_are_changed() -> None:
    made = relations([Sheet(table(f"{ROW} | price\n7 | 1\n8 | 2", "sqlite master"))])

    assert (made[0].name, made[0].columns) == ("t_sqlite_master", (ROW, f"{ROW} 2", "price"))
    assert run(made, ["SELECT COUNT(*) FROM t_sqlite_master"])[0].rows == ((2,),)


def test_the_rows_of_a_simple_select_can_be_named() -> None:
    tree = checked('SELECT SUM("Price (EUR)") AS s FROM prices WHERE "Product" = \'P7\'', TABLES)

    assert run([PRICES], [rows_read(tree, ROW) or ""])[0].rows == ((7,),)


def test_the_rows_of_a_select_within_a_select_are_not_named() -> None:
    nested = 'SELECT COUNT(*) AS n FROM prices WHERE "Price (EUR)" > (SELECT AVG("Price (EUR)") FROM prices)'

    assert rows_read(checked(nested, TABLES), ROW) is None
