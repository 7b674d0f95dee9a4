/** A share such as 5% or 0.05. */
export function parsePrecision(input: string): number {
  const groups = /^\s*(?<number>\d+(?:\.\d+)?)\s*(?<percent>%?)\s*$/.exec(input)?.groups;
  const share = Number(groups?.["number"]) / (groups?.["percent"] === "%" ? 100 : 1);
  if (!(share > 0 && share <= 1)) throw new Error("expected a share above 0, such as 5%");
  return share;
}
