// The section with the list of requests: one page of it, for the filters as they are, and the buttons to turn it.
import { Refused } from './api.mjs';
import { element } from './element.mjs';
import { invitation } from './first_request.mjs';
import { count } from './format.mjs';
import { RequestList } from './request_list.mjs';

export class ListPage {
  #asking = null; // aborts the question that is under way

  // `ask(parameters, options)`: what /v1/requests answers. `newcomer()`: {model, withToken} of a first request's example.
  // `onOpen(entry)`; `onTurn()` after the filters' page was turned.
  constructor(section, filters, { ask, newcomer, onOpen, onTurn }) {
    const within = (id) => section.querySelector(`#${id}`);
    this.section = section;
    this.filters = filters;
    this.ask = ask;
    this.newcomer = newcomer;
    this.onTurn = onTurn;
    this.list = new RequestList(within('list'), { onOpen, onSort: (column) => filters.sortBy(column) });
    this.mistake = within('requests-mistake');
    this.found = within('found');
    this.pages = within('pages');
    this.page = within('page');
    this.previous = within('previous');
    this.next = within('next');
    this.previous.addEventListener('click', () => this.#turn(-1));
    this.next.addEventListener('click', () => this.#turn(1));
  }

  // Reads it for the filters as they are now; a question for filters that were is dropped. Throws what is no mistake of
  // the filters.
  async read() {
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const page = await this.ask(this.filters.parameters, { signal: mine.signal });
      this.mistake.textContent = '';
      this.#draw(page);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof Refused) || error.status !== 400) throw error;
      this.mistake.textContent = error.message;
    }
  }

  #draw(page) {
    this.found.textContent = `${count(page.total)} ${page.total === 1 ? 'request' : 'requests'}`;
    this.pages.hidden = page.total_pages <= 1 && page.page === 1;
    this.page.textContent = `Page ${count(page.page)} of ${count(Math.max(page.total_pages, 1))}`;
    this.previous.disabled = page.page <= 1;
    this.next.disabled = page.page >= page.total_pages;
    if (page.data.length > 0) this.list.draw(page, this.filters.sort, Date.parse(page.until));
    else this.#drawEmpty(page.total > 0);
  }

  #drawEmpty(past) {
    if (past) return this.list.drawEmpty('past', [element('p', { text: 'There is no such page any more.' })]);
    if (this.filters.narrow) return this.list.drawEmpty('narrow', [element('h3', { text: 'No request fits these filters' })]);
    const { model, withToken } = this.newcomer();
    return this.list.drawEmpty(`none ${model} ${withToken}`, invitation(model, withToken));
  }

  async #turn(by) {
    this.filters.turnTo(this.filters.page + by);
    await this.onTurn();
    this.section.scrollIntoView({ block: 'start' });
  }
}
