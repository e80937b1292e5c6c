// The token that a gateway with server.auth_token asks for. It lives in this tab's session storage and in the
// Authorization header: in no address, no cookie and no storage that outlives the tab.
const KEY = 'arbstr.token';

export class Unlock {
  // `onToken()` once there is a new one; `onForget()` when the user takes it back.
  constructor(section, forget, { onToken, onForget }) {
    this.section = section;
    this.forget = forget;
    this.field = section.querySelector('#token');
    this.mistake = section.querySelector('#token-mistake');
    section.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      sessionStorage.setItem(KEY, this.field.value);
      this.field.value = '';
      this.hide();
      onToken();
    });
    forget.addEventListener('click', () => {
      sessionStorage.removeItem(KEY);
      onForget();
    });
  }

  token() {
    return sessionStorage.getItem(KEY);
  }

  get asking() {
    return !this.section.hidden;
  }

  // The token that was used, if one was, is the wrong one.
  ask() {
    if (this.asking) return;
    this.mistake.textContent = this.token() === null ? '' : 'The gateway did not take that token.';
    sessionStorage.removeItem(KEY);
    this.section.hidden = false;
    this.forget.hidden = true;
    this.field.focus();
  }

  hide() {
    this.section.hidden = true;
    this.forget.hidden = this.token() === null;
  }
}
