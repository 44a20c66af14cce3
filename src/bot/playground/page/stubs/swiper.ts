/** Stands in for a library of sliding pictures that the Adaptive Cards renderer imports and no card of ours needs. */
export default class Swiper {}

const nothing = {};

export {
  nothing as A11y,
  nothing as Autoplay,
  nothing as History,
  nothing as Keyboard,
  nothing as Navigation,
  nothing as Pagination,
  nothing as Scrollbar,
};
