/** What the demo asks, whichever client asks it. */
export const SYSTEM = 'You are a shopping assistant.';
export const QUESTION = 'Which rain jacket do you have for cycling?';
export const GIFT_QUESTION = 'A gift for a cyclist?';
export const TOOL = 'check_stock';
export const STOCK = '{"product":"Ridge rain jacket","inStock":3}';

/** A trace with two calls and a tool between them. */
export const PRODUCT_TRACE = {
  user: 'user_12345',
  sessionId: 'session_abc',
  traceName: 'Product question',
  metadata: { feature: 'shop' },
} as const;

/** A trace whose only call fails. */
export const GIFT_TRACE = { user: 'user_67890', traceName: 'Gift idea' } as const;
