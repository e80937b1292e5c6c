// What the page looks at: the range, and which requests of it the list shows. The address keeps it behind its #, so that
// a reload or a link shows the same.
import { fromLocalInput, localInput } from './format.mjs';

const NAMES = ['model', 'provider', 'success', 'streaming', 'since', 'until', 'order', 'per_page'];
const TIMES = ['since', 'until'];

// The parameters of /v1/requests.
function parametersOf(values, range, page) {
  const [sort, order] = values.order.split(' ');
  const { model, provider, success, streaming, per_page } = values;
  const times = Object.fromEntries(TIMES.map((name) => {
    const time = fromLocalInput(values[name]);
    return [name, time === null ? '' : new Date(time).toISOString()];
  }));
  return { range, model, provider, success, streaming, ...times, sort, order, per_page, page };
}

export class Filters {
  page = 1;

  // `ranges`: the fieldset with the ranges' radio buttons.
  constructor(form, ranges, onChange) {
    this.form = form;
    this.ranges = [...ranges.querySelectorAll('input')];
    this.defaults = this.values();
    this.#readAddress();
    const changed = () => {
      this.page = 1;
      this.#writeAddress();
      onChange();
    };
    this.changed = changed;
    form.addEventListener('submit', (event) => { event.preventDefault(); changed(); });
    form.addEventListener('change', changed);
    form.addEventListener('reset', () => setTimeout(changed));
    ranges.addEventListener('change', () => this.showSpan(null, null));
    addEventListener('hashchange', () => { this.#readAddress(); onChange(); });
  }

  values() {
    return Object.fromEntries(NAMES.map((name) => [name, this.form.elements[name].value.trim()]));
  }

  get range() {
    return this.ranges.find((radio) => radio.checked).value;
  }

  // Whether any of them narrows what there is.
  get narrow() {
    return NAMES.slice(0, 6).some((name) => this.values()[name] !== '');
  }

  get sort() {
    return this.values().order.split(' ');
  }

  // Newest, slowest, dearest first; the other way round when it is that already.
  sortBy(column) {
    const [sort, order] = this.sort;
    this.set('order', `${column} ${sort === column && order === 'desc' ? 'asc' : 'desc'}`);
    this.changed();
  }

  showSpan(start, end) {
    this.set('since', start === null ? '' : localInput(start));
    this.set('until', end === null ? '' : localInput(end));
    this.changed();
  }

  get parameters() {
    return parametersOf(this.values(), this.range, this.page);
  }

  turnTo(page) {
    this.page = page;
    this.#writeAddress();
  }

  // A value that a select does not have yet is added to it.
  set(name, value) {
    const field = this.form.elements[name];
    if (field.tagName === 'SELECT' && value !== '' && ![...field.options].some((option) => option.value === value)) {
      if (name !== 'provider') return;
      field.append(new Option(value, value));
    }
    field.value = value;
  }

  offer(providers, models) {
    const select = this.form.elements.provider;
    const chosen = select.value;
    const names = [...new Set([...providers, ...(chosen === '' ? [] : [chosen])])];
    select.replaceChildren(new Option('any', ''), ...names.map((name) => new Option(name, name)));
    select.value = chosen;
    this.form.elements.model.list.replaceChildren(...models.map((name) => new Option(name, name)));
  }

  #readAddress() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of NAMES) this.set(name, kept.get(name) ?? this.defaults[name]);
    const range = this.ranges.find((radio) => radio.value === kept.get('range')) ?? this.ranges[0];
    range.checked = true;
    this.page = Math.max(1, Number.parseInt(kept.get('page') ?? '1', 10) || 1);
  }

  #writeAddress() {
    const values = this.values();
    const kept = new URLSearchParams(NAMES.filter((name) => values[name] !== this.defaults[name]).map((name) => [name, values[name]]));
    if (this.range !== this.ranges[0].value) kept.set('range', this.range);
    if (this.page > 1) kept.set('page', this.page);
    history.replaceState(null, '', `${location.pathname}${location.search}${`${kept}` === '' ? '' : `#${kept}`}`);
  }
}
