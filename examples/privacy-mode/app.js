import OpenAI from 'openai';

const openai = new OpenAI(); // OPENAI_API_KEY

const completion = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'My account number is 4711. Where is my parcel?' }],
});
console.log(completion.choices[0].message.content);
