import { checkOneCall } from '../shared/check-one-call.js';

export function check(events) {
  checkOneCall(events);
}
