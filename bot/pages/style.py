"""The style sheet of the pages: one column, readable on a phone and on paper, without anything from elsewhere.

Colours on white have a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). `POLICY` lets this sheet in by its hash,
pictures and forms of this server, the empty icon, and nothing else.
"""

import base64
import hashlib

SHEET = """
:root{--ink:#1d2430;--quiet:#4f5968;--line:#d9dee5;--link:#0b5cad;--good:#00664b;--paper:#fff;--tint:#f4f6f9}
*{box-sizing:border-box}
body{margin:0;background:var(--tint);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,input:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav{max-width:60rem;margin:0 auto;padding:.75rem 1rem;display:flex;flex-wrap:wrap;gap:1rem}
main{max-width:60rem;margin:0 auto 2rem;padding:1.5rem 1rem 2rem;background:var(--paper);border:1px solid var(--line);
border-radius:8px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .25rem}p{margin:.25rem 0 .75rem}
.quiet{color:var(--quiet);font-size:.9rem}.verdict{font-size:1.15rem;font-weight:600;margin:.75rem 0 1rem}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;margin:0}
.figures div{border:1px solid var(--line);border-radius:6px;padding:.75rem}
.figures dt{color:var(--quiet);font-size:.9rem}.figures dd{margin:0}.figures .value{font-size:1.5rem;font-weight:650}
ol.todo{padding-left:1.5rem}ol.todo li{margin-bottom:1rem}
ul{padding-left:1.25rem}li{margin:.25rem 0}
figure{margin:0 0 1.25rem}
figure img{width:100%;height:auto;border:1px solid var(--line);border-radius:6px;display:block}
figcaption{color:var(--quiet);font-size:.9rem;margin-top:.35rem}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%}
@media (min-width:40rem){time{white-space:nowrap}}
th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;
border-bottom:1px solid var(--line);overflow-wrap:break-word}
thead th{color:var(--quiet);font-size:.85rem;font-weight:600}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:7rem}
form{display:grid;gap:.75rem;max-width:26rem}input,button{font:inherit;padding:.6rem .7rem;border-radius:6px;
border:1px solid #8a93a0;background:#fff;color:var(--ink)}
button{background:var(--link);border-color:var(--link);color:#fff;font-weight:600;cursor:pointer}
.problem{color:#a3260b;font-weight:600}
@media (max-width:40rem){main{border-width:1px 0;border-radius:0;padding:1rem .9rem 1.5rem}h1{font-size:1.35rem}
th,td{padding:.4rem .35rem}}
@media print{body{background:#fff;font-size:11pt}nav{display:none}main{border:0;max-width:none;padding:0}
a{color:inherit;text-decoration:none}figure,.figures div,tr,li{break-inside:avoid}h2{break-after:avoid}}
"""

_HASH = base64.b64encode(hashlib.sha256(SHEET.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of every page."""
