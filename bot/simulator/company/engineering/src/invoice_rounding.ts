/**
 * Rounding of invoice amounts.
 *
 * Amounts are integers in the smallest unit (cents, øre). Each LINE is rounded half to even ("banker's rounding"), then lines are added.
 * Rounding the sum instead gave invoices that differed from the ledger by one cent in about 2 % of cases (ticket BILL-318).
 *
 * Norwegian cash rounding to whole kroner is NOT applied: all our customers pay by bank transfer.
 */

export type Currency = "CAD" | "NOK" | "EUR" | "GBP";

/** Tax rates in basis points: 1500 is 15 %. Nova Scotia HST is 14 % since 1 April 2025; Norwegian MVA is 25 %. */
export const TAX_BASIS_POINTS: Record<"CA-NS" | "NO" | "EXPORT", number> = {
  "CA-NS": 1400,
  NO: 2500,
  EXPORT: 0,
};

/** Round a quotient half to even: 2.5 becomes 2, 3.5 becomes 4. */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator) return quotient + 1n;
  if (twice === denominator && quotient % 2n === 1n) return quotient + 1n;
  return quotient;
}

/** Tax of one invoice line in the smallest unit; `net` must not be negative (credit notes are separate documents). */
export function lineTax(net: bigint, region: keyof typeof TAX_BASIS_POINTS): bigint {
  if (net < 0n) throw new RangeError("a credit note is needed for a negative amount");
  return roundHalfEven(net * BigInt(TAX_BASIS_POINTS[region]), 10_000n);
}

/** Total of an invoice: net and tax of each line are rounded first, then added. */
export function invoiceTotal(lines: readonly bigint[], region: keyof typeof TAX_BASIS_POINTS): bigint {
  return lines.reduce((sum, net) => sum + net + lineTax(net, region), 0n);
}
