// What many tests of the page begin with: a gateway that has been asked, and its dashboard in a browser.
import { Dashboard, launch } from './browser.mjs';
import { Gateway } from './gateway.mjs';

export class Stage {
  // `asks`: what gateway.chat is called with, one after the other; all rows are in `entries`. `options`: of the page.
  static async set(asks, options) {
    const stage = new Stage();
    try {
      stage.browser = await launch();
      stage.gateway = await Gateway.start();
      for (const ask of asks) await stage.gateway.chat(...ask);
      stage.entries = await stage.gateway.entries(asks.length);
      stage.dashboard = await Dashboard.open(stage.browser, stage.gateway, options);
      await stage.dashboard.ready();
    } catch (error) {
      await stage.#leave();
      throw error;
    }
    return stage;
  }

  // Fails where anything went wrong in the page.
  async clear() {
    try {
      await this.dashboard.close();
    } finally {
      await this.#leave();
    }
  }

  async #leave() {
    await this.browser?.close();
    await this.gateway?.stop();
  }
}
