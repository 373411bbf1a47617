/* The live page: asks this port every second for what is new and draws it. State is what was asked for last; nothing is kept
 * longer than ARTICLES_MOST articles. */
'use strict';

(() => {
  const { make } = stanced;
  const ARTICLES_MOST = 300, STANCES_SHOWN = 6, POLL_MS = 1000, SLOW_MS = 4000, STALE_MS = 15000;
  const at = (id) => document.getElementById(id);
  const articles = new Map(); /* number -> {article, item (an element, or null), fits} newest last */
  const order = new Map();    /* of the names in the graph */
  let began = null, newest = 0, clock = 0, waiting = [], isPaused = false, isFirst = true, open = null, sidesText = '', slowly = 0;

  const ask = async (path) => {
    const response = await fetch(path, { signal: AbortSignal.timeout(8000) });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  };

  /* ---- filter */

  const filter = { actor: '', target: '', polarities: new Set(), sure: 0 };
  function readFilter() {
    filter.actor = at('actor').value.trim().toLowerCase();
    filter.target = at('target').value.trim().toLowerCase();
    filter.polarities = new Set([...document.querySelectorAll('[name=polarity]:checked')].map((box) => box.value));
    filter.sure = Number(at('sure').value);
    filter.isOn = filter.actor !== '' || filter.target !== '' || filter.polarities.size < 3 || filter.sure > 0;
    at('clear').disabled = !filter.isOn;
  }
  const has = (name, part) => name.toLowerCase().includes(part);
  const full = (stance) => (stance.is_topic ? `T:${stance.target}` : stance.target);
  const fits = (stance) => (filter.actor === '' || has(stance.source, filter.actor) || has(full(stance), filter.actor)) &&
    (filter.target === '' || has(full(stance), filter.target)) && filter.polarities.has(stance.polarity) && stance.confidence >= filter.sure;

  /* ---- the list */

  const ago = (ms) => {
    const seconds = Math.max(0, Math.round(ms / 1000));
    return seconds < 60 ? `${seconds} s ago` : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
  };

  function drawLine(article, stance) {
    const name = (text) => (text === 'author' ? 'the author' : text);
    return make('li', {}, make('a', { class: 'stance', href: `#${article.number}.${stance.index}` },
      make('span', { class: 'who' }, make('b', {}, name(stance.source)), ' ', stanced.sign(stance.polarity), ' ', stanced.who(full(stance)),
        make('span', { class: 'sure', title: 'how sure' }, `${Math.round(100 * stance.confidence)} %`)),
      stance.evidence ? make('q', {}, stanced.shorten(stance.evidence.replace(/\s+/g, ' '), 160)) : null));
  }

  function drawItem(article) {
    const stances = article.stances.filter(fits), left = filter.isOn ? stances.length - STANCES_SHOWN : article.stance_count - STANCES_SHOWN;
    if (stances.length === 0 && filter.isOn) return null;
    return make('li', { class: 'item', 'data-number': article.number },
      make('a', { class: 'title', href: `#${article.number}` }, article.title || article.id),
      make('p', { class: 'facts' }, article.source ? make('bdi', {}, stanced.shorten(article.source, 80)) : null, article.source ? ' · ' : null, make('time', { 'data-at': article.at_ms }, ago(clock - article.at_ms))),
      stances.length === 0 ? make('p', { class: 'none' }, 'no stance')
        : make('ol', { class: 'stances' }, ...stances.slice(0, STANCES_SHOWN).map((stance) => drawLine(article, stance))),
      left > 0 ? make('p', { class: 'more' }, make('a', { href: `#${article.number}` }, `${left} more`)) : null);
  }

  function count() {
    let found = 0, stances = 0;
    for (const entry of articles.values()) {
      const fitting = entry.article.stances.filter(fits).length;
      found += entry.item !== null;
      stances += filter.isOn ? fitting : entry.article.stance_count;
    }
    const what = `${stances} ${stances === 1 ? 'stance' : 'stances'} in ${filter.isOn ? `${found} of ` : ''}the newest ${articles.size} articles`;
    at('count').textContent = articles.size === 0 ? '' : what;
    at('empty').hidden = articles.size > 0 && (found > 0 || !filter.isOn);
    at('empty').textContent = articles.size > 0 ? 'None of the newest articles has such a stance.' : 'Nothing has been published since this process began.';
  }

  function redraw() {
    const items = [];
    for (const entry of articles.values()) {
      entry.item = drawItem(entry.article);
      if (entry.item) items.unshift(entry.item);
    }
    at('list').replaceChildren(...items);
    markOpen();
    count();
  }

  function drop() {
    for (const [number, entry] of articles) {
      if (articles.size <= ARTICLES_MOST) return;
      if (entry.item) entry.item.remove();
      articles.delete(number);
    }
  }

  /* Newest first in the answer; each goes on top. */
  function add(fresh) {
    for (const article of [...fresh].reverse()) {
      const entry = { article, item: drawItem(article) };
      articles.set(article.number, entry);
      if (!entry.item) continue;
      if (!isFirst) entry.item.classList.add('arrived');
      at('list').prepend(entry.item);
    }
    drop();
    isFirst = false;
    suggest();
    count();
  }

  const isNarrow = () => matchMedia('(max-width: 60rem)').matches;

  /* Nothing moves under the eyes of who reads further down. */
  const isReading = () => at('feed').scrollTop > 60 || (isNarrow() && window.scrollY > 160) ||
    (document.activeElement && at('list').contains(document.activeElement));
  function offer() {
    at('fresh').hidden = waiting.length === 0;
    at('fresh').textContent = `${waiting.length} new ${waiting.length === 1 ? 'article' : 'articles'}`;
  }
  function take(fresh) {
    waiting = [...fresh, ...waiting].slice(0, ARTICLES_MOST);
    if (waiting.length > 0 && !isPaused && !isReading()) {
      add(waiting);
      waiting = [];
    }
    offer();
  }

  function suggest() {
    const names = new Map();
    for (const { article } of articles.values())
      for (const stance of article.stances)
        for (const name of [stance.source, full(stance)]) names.set(name, (names.get(name) || 0) + 1);
    const best = [...names.keys()].sort((a, b) => names.get(b) - names.get(a)).slice(0, 60).sort();
    at('actors').replaceChildren(...best.map((name) => make('option', { value: name })));
  }

  function age() {
    for (const time of document.querySelectorAll('time[data-at]')) {
      const text = ago(clock - Number(time.getAttribute('data-at')));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  /* ---- one article */

  function markOpen() {
    for (const item of document.querySelectorAll('.item')) {
      const isOpen = open !== null && Number(item.getAttribute('data-number')) === open.number;
      item.classList.toggle('open', isOpen);
      item.querySelector('.title').toggleAttribute('aria-current', isOpen);
    }
  }

  async function read(number, stance) {
    const from = open === null || open.number !== number ? document.activeElement : open.from;
    open = { number, from };
    document.body.classList.add('reading');
    markOpen();
    let element;
    try {
      const record = await ask(`/api/articles/${number}`);
      const width = Math.min(380, document.documentElement.clientWidth - 32);
      element = stanced.article(record, { width, stance });
    } catch (error) {
      const text = error.message === '404' ? 'This article is no longer kept here; it stands in the output topic.' : 'The article could not be fetched.';
      element = make('article', { class: 'failed' }, make('header', {}, make('h2', { tabindex: '-1' }, 'Not here')), make('p', {}, text));
    }
    if (open === null || open.number !== number) return;
    at('overview').hidden = true;
    at('reader').hidden = false;
    at('article').replaceChildren(element);
    if (stance === undefined) window.scrollTo(0, 0);
    at('reader').scrollTop = 0;
    element.querySelector('h2').focus({ preventScroll: stance !== undefined });
  }

  function close() {
    if (open === null) return;
    const { number, from } = open;
    open = null;
    document.body.classList.remove('reading');
    at('reader').hidden = true;
    at('overview').hidden = false;
    at('article').replaceChildren();
    markOpen();
    const item = document.querySelector(`.item[data-number="${number}"] .title`);
    if (from && from.isConnected && from !== document.body) from.focus();
    else if (item) item.focus();
  }

  function follow() {
    const match = /^#(\d+)(?:\.(\d+))?$/.exec(location.hash);
    const view = location.hash === '#view-overview' ? 'overview' : 'stances';
    document.body.classList.toggle('at-overview', view === 'overview');
    if (isNarrow() && !match) window.scrollTo(0, 0);
    for (const tab of document.querySelectorAll('.tabs a')) tab.toggleAttribute('aria-current', tab.getAttribute('href') === `#view-${view}` && !match);
    if (match) read(Number(match[1]), match[2] === undefined ? undefined : Number(match[2]));
    else close();
    slowly = 0;
  }
  const leave = () => { if (location.hash) { history.pushState(null, '', location.pathname); follow(); } };

  /* ---- the overview */

  function drawSides(answer) {
    const text = JSON.stringify(answer) + at('overview').clientWidth;
    if (text === sidesText || at('overview').hidden) return;
    sidesText = text;
    const width = Math.min(720, at('sides').clientWidth || 340), focus = document.activeElement && document.activeElement.getAttribute('data-name');
    const pairs = answer.pairs.filter((pair) => pair.source !== pair.target);
    const most = width < 480 ? 14 : 22;
    at('sides').replaceChildren(...(pairs.length === 0 ? [make('p', { class: 'none' }, 'No stances in the last hour.')]
      : [stanced.graph(pairs, { width, order, choose, most }), stanced.legend()]));
    if (answer.left_out > 0 || pairs.length > 0)
      document.querySelector('#pairs summary').textContent = `As a list (${pairs.length}${answer.left_out > 0 ? ` of ${pairs.length + answer.left_out}` : ''})`;
    document.querySelector('#pairs ol').replaceChildren(...pairs.map((pair) => make('li', {}, pair.source, ' → ', pair.target, ': ',
      ['for', 'against', 'mixed'].filter((sign) => pair[sign] > 0).map((sign) => `${sign} ${pair[sign]}`).join(', '))));
    const again = focus && [...document.querySelectorAll('#sides .node')].find((node) => node.getAttribute('data-name') === focus);
    if (again) again.focus();
  }

  function choose(name) {
    at('actor').value = at('actor').value === name ? '' : name;
    change();
  }

  const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 1 : 0));
  const whole = (value) => Math.round(value).toLocaleString('en');

  function drawFigures(status) {
    const { done_rate: rates, lag: lags, step_ms: step } = status.history, minutes = Math.max(1, Math.round((rates.length * step) / 60000));
    const isKnown = status.present > 0, lag = isKnown ? status.lag : null;
    at('rate').replaceChildren(isKnown ? number(status.done_rate) : '?',
      stanced.sparkline([...rates, isKnown ? status.done_rate : null], `articles a second over the last ${minutes} minutes`));
    at('lag').replaceChildren(lag === null ? '?' : status.partitions_unknown > 0 ? `≥ ${whole(lag)}` : whole(lag),
      stanced.sparkline([...lags, status.partitions_unknown > 0 ? null : lag], `lag over the last ${minutes} minutes`));
    at('letters').textContent = whole(Object.values(status.dead_letters).reduce((sum, each) => sum + each, 0));
    at('present').textContent = status.silent > 0 ? `${status.present}, ${status.silent} silent` : `${status.present}`;
    at('present').classList.toggle('bad', status.silent > 0 || status.present === 0);
  }

  function drawInstances(instances) {
    const cell = (instance, key, text) => make('td', {}, instance[key] === undefined ? '–' : text(instance[key]));
    if (instances.length === 0) return make('p', { class: 'none' }, 'No status record yet.');
    return make('table', {}, make('thead', {}, make('tr', {}, ...['name', 'state', 'heard', 'articles / s', 'lag', 'in hand', 'MiB', 'ms an article'].map((head) =>
      make('th', { scope: 'col' }, head)))), make('tbody', {}, ...instances.map((instance) => make('tr', { class: instance.presence },
      make('th', { scope: 'row' }, instance.name), make('td', {}, instance.presence === 'present' ? instance.state : instance.presence),
      make('td', {}, ago(instance.age_ms)), cell(instance, 'done_rate', number), cell(instance, 'lag', whole), cell(instance, 'in_hand', whole),
      cell(instance, 'resident_bytes', (bytes) => whole(bytes / 1048576)), cell(instance, 'article_seconds', (seconds) => number(1000 * seconds))))));
  }

  function drawStatus(status) {
    drawFigures(status);
    at('instances').replaceChildren(drawInstances(status.instances));
    at('partitions').replaceChildren(status.partitions.length === 0 ? make('p', { class: 'none' }, 'None assigned.')
      : make('ul', { class: 'cells' }, ...status.partitions.map((each) => make('li', { class: each.lag === null ? 'unknown' : null },
        `${each.topic} ${each.partition}`, make('b', {}, each.lag === null ? '?' : whole(each.lag))))));
    const letters = Object.entries(status.dead_letters).sort((a, b) => b[1] - a[1]);
    at('reasons').replaceChildren(letters.length === 0 ? make('p', { class: 'none' }, 'None.')
      : make('ul', { class: 'cells' }, ...letters.map(([code, many]) => make('li', {}, code, make('b', {}, whole(many))))));
  }

  /* ---- the wheel */

  function say(text, isBad) {
    if (at('state').textContent !== text) at('state').textContent = text;
    at('state').classList.toggle('bad', isBad);
  }

  /* Numbers start again with a new process. */
  function restart(answer) {
    began = answer.began_ms;
    newest = 0;
    waiting = [];
    articles.clear();
    at('list').replaceChildren();
    isFirst = true;
    leave();
  }

  async function pollArticles() {
    const answer = await ask(`/api/articles?after=${newest}`);
    clock = answer.now_ms;
    if (began !== null && began !== answer.began_ms && newest > 0) return restart(answer);
    began = answer.began_ms;
    if (answer.articles.length > 0) newest = answer.articles[0].number;
    take(answer.articles);
    age();
  }

  async function pollSlowly() {
    const [status, sides] = await Promise.all([ask('/api/status'), ask(`/api/sides?actor=${encodeURIComponent(at('actor').value.trim())}`)]);
    drawStatus(status);
    drawSides(sides);
    say(clock - status.written_ms > STALE_MS ? 'the process is slow to answer' : isPaused ? 'paused' : 'live', clock - status.written_ms > STALE_MS);
  }

  async function turn() {
    try {
      if (!document.hidden) {
        await pollArticles();
        if (Date.now() >= slowly) {
          await pollSlowly();
          slowly = Date.now() + SLOW_MS;
        }
      }
    } catch (error) {
      say('no answer', true);
      slowly = 0;
    }
    setTimeout(turn, POLL_MS);
  }

  let typing = 0;
  function change() {
    readFilter();
    redraw();
    slowly = 0;
  }

  function pause() {
    isPaused = !isPaused;
    at('pause').setAttribute('aria-pressed', String(isPaused));
    say(isPaused ? 'paused' : 'live', false);
    take([]);
  }

  function move(by) {
    const titles = [...document.querySelectorAll('.item .title')];
    const now = titles.findIndex((title) => title.closest('.item').contains(document.activeElement));
    const next = titles[Math.min(titles.length - 1, Math.max(0, now + by))];
    if (next) next.focus();
  }

  const keys = { '/': () => at('actor').focus(), j: () => move(1), k: () => move(-1), p: pause, Escape: leave };
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, select, textarea');
    if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== 'Escape')) return;
    if (isTyping) event.target.blur();
    else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  at('filter').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(change, 120); });
  at('filter').addEventListener('submit', (event) => event.preventDefault());
  at('filter').addEventListener('reset', () => setTimeout(change, 0));
  at('pause').addEventListener('click', pause);
  at('fresh').addEventListener('click', () => {
    at('feed').scrollTop = 0;
    window.scrollTo(0, 0);
    add(waiting);
    waiting = [];
    offer();
  });
  at('back').addEventListener('click', leave);
  window.addEventListener('hashchange', follow);
  window.addEventListener('popstate', follow);
  document.addEventListener('visibilitychange', () => { slowly = 0; });
  readFilter();
  follow();
  turn();
})();
