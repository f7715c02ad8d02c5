/** Returns a Markdown table with aligned columns. The first row is the header. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? "")) ?? [];
  const widths = columns.map((cells) => Math.max(3, ...cells.map((cell) => cell.length)));
  const lines = rows.map((row) => toLine(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  lines.splice(1, 0, toLine(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
