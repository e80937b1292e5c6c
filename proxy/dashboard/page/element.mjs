// Elements out of values. Text is only ever text: nothing here, or anywhere on this page, parses markup.
const SVG = 'http://www.w3.org/2000/svg';

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// `properties` are attributes, but for `text` and listeners such as `onclick`. null, undefined and false leave one out.
export const element = (tag, properties = {}, ...children) => fill(document.createElement(tag), properties, children);
export const svg = (tag, properties = {}, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

// A table with its roles written out, which a browser forgets where the style makes cards of the rows.
// `columns`: {name, number, sort, node}, the node in place of the name. `rows`: {properties, cells}; a cell is a text or
// {nodes, lead, name}: one with lead heads its row's card, one with name may be long.
export function table(caption, columns, rows) {
  const heads = columns.map((column) => element('th', {
    scope: 'col', role: 'columnheader', class: column.number && 'number', 'aria-sort': column.sort,
    text: column.node ? undefined : column.name,
  }, column.node));
  const body = rows.map(({ properties = {}, cells }) => element('tr', { role: 'row', ...properties },
    ...cells.map((cell, i) => tableCell(columns[i], cell))));
  return element('table', { role: 'table', 'aria-label': caption },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
    element('tbody', { role: 'rowgroup' }, ...body));
}

function tableCell(column, cell) {
  const { nodes = [cell], lead = false, name = false } = typeof cell === 'object' ? cell : {};
  const classes = [column.number && 'number', lead && 'lead', name && 'name'].filter(Boolean).join(' ');
  return element('td', { role: 'cell', 'data-label': lead ? '' : column.name, class: classes || undefined }, ...nodes);
}
