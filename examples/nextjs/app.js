// Stands in for `next start`, and for one request to it.
import { serve } from './stand-in-next.js';

const question = 'Recommend a rain jacket for cycling, in one sentence.';
const body = JSON.stringify({ user: 'user_123', question });
const { response, done } = await serve(new Request('http://shop/api/advice', { method: 'POST', body }));
console.log((await response.json()).text);
console.log('Flushed after the answer:', done[0].complete);
process.exit(); // as when the platform freezes the function: nothing more is sent
