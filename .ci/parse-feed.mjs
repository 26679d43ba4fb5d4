// Reads an iCalendar file with ical.js, prints what is in it and fails where it holds
// no event, or two with one UID, or an event that ends before it begins.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], 'utf8')));
const seen = new Set();
for (const component of calendar.getAllSubcomponents('vevent')) {
  const event = new ICAL.Event(component);
  if (seen.has(event.uid)) throw new Error(`two events have the UID ${event.uid}`);
  seen.add(event.uid);
  const moment = !component.hasProperty('dtend') && !component.hasProperty('duration');
  if (event.endDate.compare(event.startDate) < (moment ? 0 : 1)) throw new Error(`${event.uid} does not end after it begins`);
  console.log([event.startDate, event.endDate, component.getFirstPropertyValue('status'), event.sequence, event.summary].join('  '));
}
if (seen.size === 0) throw new Error('the feed holds no event');
console.log(`${seen.size} events`);
