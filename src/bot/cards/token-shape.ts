/** What the token in a button looks like. */
export const tokenShape = /^[\w-]{22}$/;
