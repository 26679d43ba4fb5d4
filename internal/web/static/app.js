// All that is here is extra: every page is complete without it.
(() => {
  'use strict';
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const params = new URLSearchParams(location.search);
  // make returns an element of a name with what it is given.
  const make = (name, given, ...inside) => {
    const e = Object.assign(document.createElement(name), given);
    e.append(...inside);
    return e;
  };
  // store keeps a value in this browser, or returns it.
  const store = (area, name, value) => {
    try {
      if (value === undefined) return area.getItem(name) || '';
      area.setItem(name, value);
    } catch { /* the browser keeps nothing, and then nothing is remembered */ }
    return value || '';
  };

  const form = one('form.filters');
  const select = one('select[name="tz"]');

  // The zone that was chosen once holds until another is, and stands in the address.
  const zone = store(localStorage, 'tz');
  if (select && zone && !params.has('tz')) {
    params.set('tz', zone);
    location.replace(`?${params}${location.hash}`);
    return;
  }

  // The reader's own zone, which only the browser knows.
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const mine = select && [...select.options].find((o) => o.value === own);
  if (mine) mine.text += ', your own';
  else if (select && own) select.add(new Option(own.split('/').pop().replaceAll('_', ' ') + ', your own', own), 1);

  // What changed since this reader last looked, as far as this browser can know.
  const news = one('.news[data-seqs]');
  if (news && !params.has('at')) {
    const seqs = news.dataset.seqs.split(' ').filter(Boolean).map(Number);
    const kept = store(localStorage, 'seen');
    const since = store(sessionStorage, 'since') || (kept && store(sessionStorage, 'since', kept));
    store(localStorage, 'seen', String(Math.max(Number(kept) || 0, ...seqs)));
    if (since) {
      const n = seqs.filter((s) => s > Number(since)).length;
      news.querySelector('summary').textContent = `${n || 'Nothing'} ${n ? (n === 1 ? 'change' : 'changes') : 'changed'} since you last looked`;
      all('.news [data-seq]').forEach((line) => line.classList.toggle('new', Number(line.dataset.seq) > Number(since)));
    }
  }

  // Words that no event has are not sent back by the server.
  const find = one('input[name="q"]');
  if (find && !find.value) find.value = params.get('q') || '';

  // Of the lists to choose from one is open at a time, and Escape closes it.
  const picks = all('details.pick');
  for (const p of picks) {
    p.addEventListener('toggle', () => {
      if (p.open) picks.forEach((o) => { if (o !== p) o.open = false; });
    });
  }
  addEventListener('click', (e) => picks.forEach((p) => { if (!p.contains(e.target)) p.open = false; }));

  // What was not chosen stays out of the address.
  if (form) {
    form.addEventListener('submit', () => {
      if (select) store(localStorage, 'tz', select.value);
      for (const field of form.elements) {
        if (field.name && field.value === '') field.disabled = true;
      }
    });
    addEventListener('pageshow', () => { for (const field of form.elements) field.disabled = false; });
  }

  // Events that the reader pinned, and a choice to come back to.
  const bar = one('.tools');
  const link = (text, query) => make('a', { className: 'today', href: `${new URL(form.action).pathname}${query}` }, text);
  if (bar && form) {
    let pins = store(localStorage, 'pins').split(' ').filter(Boolean);
    const pinned = link('', '');
    const tell = () => {
      pinned.textContent = `Pinned (${pins.length})`;
      pinned.search = pins.map((id) => `event=${encodeURIComponent(id)}`).join('&');
      pinned.hidden = !pins.length;
    };
    for (const e of all('article.ev')) {
      const id = e.id.slice(2);
      const button = make('button', { type: 'button', className: 'pin' });
      const show = () => {
        button.textContent = pins.includes(id) ? 'Pinned' : 'Pin';
        button.setAttribute('aria-pressed', pins.includes(id));
        button.setAttribute('aria-label', `${button.textContent}: ${e.querySelector('h4').textContent}`);
      };
      button.addEventListener('click', () => {
        pins = pins.includes(id) ? pins.filter((p) => p !== id) : [...pins, id].slice(-50);
        store(localStorage, 'pins', pins.join(' '));
        show();
        tell();
      });
      show();
      e.querySelector('.meta').append(make('li', {}, button));
    }
    tell();
    bar.querySelector('.follow').before(pinned);
    const kept = store(localStorage, 'choice');
    for (const name of ['on', 'offset', 'list', 'tz', 'at']) params.delete(name);
    const now = String(params);
    if (kept && kept !== now) pinned.before(link('Your choice', `?${kept}`));
    if (now) {
      const keep = make('button', { type: 'button', className: 'plain' }, kept === now ? 'Forget this choice' : 'Remember this choice');
      keep.addEventListener('click', () => {
        store(localStorage, 'choice', kept === now ? '' : now);
        keep.replaceWith(kept === now ? 'Forgotten' : 'Remembered');
      });
      one('.count').append(' ', keep);
    }
  }

  // Keys.
  const help = make('dialog', {}, make('h2', {}, 'Keys'), make('dl', {},
    ...[['/', 'search'], ['j, k', 'next and previous event'], ['t', 'today'], ['g d', 'go to a day'], ['arrows', 'from day to day in a month or week'], ['?', 'this box']]
      .flatMap(([key, does]) => [make('dt', {}, make('kbd', {}, key)), make('dd', {}, does)])),
  make('form', { method: 'dialog' }, make('button', { className: 'btn' }, 'Close')));
  help.setAttribute('aria-label', 'Keys');
  document.body.append(help);
  const events = all('.ev h4 a, li.ev > p a, .ev th a, .bars a, .cell li > a, .log h3 a');
  const days = all('.grid a.d');
  const along = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const step = (by) => {
    const at = events.indexOf(document.activeElement);
    events[at < 0 ? 0 : at + by]?.focus();
  };
  const reveal = (field) => {
    const choose = one('#choose');
    if (choose && !field?.checkVisibility?.()) choose.checked = true;
    field?.focus();
  };
  const does = {
    '/': () => find?.focus(), j: () => step(1), k: () => step(-1), '?': () => help.showModal(),
    t: () => (one('.tools a.today[data-today]') || one('.brand')).click(), 'g d': () => reveal(one('input[name="on"]')),
  };
  let before = '';
  addEventListener('keydown', (e) => {
    const open = picks.find((p) => p.open);
    if (e.key === 'Escape' && open) {
      open.open = false;
      open.querySelector('summary').focus();
    }
    if (e.altKey || e.ctrlKey || e.metaKey || help.open || e.target.closest('input, select, textarea')) return;
    const at = days.indexOf(document.activeElement), by = along[e.key];
    if (at >= 0 && by && !e.shiftKey) {
      e.preventDefault();
      if (days[at + by]) days[at + by].focus();
      else one(`.ways-along [rel="${by < 0 ? 'prev' : 'next'}"]`)?.click();
    }
    const act = does[`${before}${e.key}`];
    before = e.key === 'g' ? 'g ' : '';
    if (act) {
      e.preventDefault();
      act();
    }
  });

  // Addresses to copy.
  for (const box of navigator.clipboard ? all('.copy') : []) {
    const button = make('button', { type: 'button', className: 'btn alt' }, 'Copy');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(box.querySelector('code').textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    box.append(button);
  }
})();
