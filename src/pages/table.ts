import { type Html, html } from "./html.ts";

export interface Column<Row> {
  title: string;
  /** Numbers stand on the right. */
  isNumber?: boolean;
  cell(row: Row): Html | string | number | null;
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const side = ({ isNumber }: Column<Row>) => (isNumber ? "number" : "");
  return html`<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${side(column)}">${column.title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td class="${side(column)}">${column.cell(row)}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
