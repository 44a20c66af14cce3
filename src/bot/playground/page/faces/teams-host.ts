/** How Teams sets its cards, light and dark. */
export function hostConfig(light: 'light' | 'dark') {
  const dark = light === 'dark';
  const ink = dark ? '#ffffff' : '#242424';
  const soft = dark ? '#adadad' : '#616161';
  const color = (normal: string, subtle = normal) => ({ default: normal, subtle });
  const colors = {
    default: color(ink, soft),
    dark: color(ink, soft),
    light: color(ink, soft),
    accent: color(dark ? '#9ea2f0' : '#5b5fc7'),
    good: color(dark ? '#92c353' : '#0f700f'),
    warning: color(dark ? '#f8d22a' : '#855f00'),
    attention: color(dark ? '#f1707b' : '#c4314b'),
  };
  const ground = (background: string) => ({ backgroundColor: background, foregroundColors: colors });
  return {
    supportsInteractivity: true,
    textBlock: { headingLevel: 2 },
    spacing: { small: 6, default: 10, medium: 16, large: 24, extraLarge: 32, padding: 16 },
    separator: { lineThickness: 1, lineColor: dark ? '#3d3d3d' : '#e0e0e0' },
    fontTypes: {
      default: {
        fontFamily: 'inherit',
        fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
        fontWeights: { lighter: 400, default: 400, bolder: 600 },
      },
      monospace: {
        fontFamily: 'ui-monospace, Consolas, monospace',
        fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
        fontWeights: { lighter: 400, default: 400, bolder: 600 },
      },
    },
    containerStyles: {
      default: ground('transparent'),
      emphasis: ground(dark ? '#333333' : '#f5f5f5'),
      accent: ground(dark ? '#2f2f4a' : '#ebebfa'),
      good: ground(dark ? '#1e3a1e' : '#e7f2da'),
      warning: ground(dark ? '#3d3413' : '#fdf6dd'),
      attention: ground(dark ? '#44222a' : '#fbe9eb'),
    },
    actions: {
      maxActions: 20,
      spacing: 'default',
      buttonSpacing: 0,
      showCard: { actionMode: 'inline', inlineTopMargin: 12 },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    factSet: {
      title: { weight: 'bolder', wrap: true, maxWidth: 160, color: 'default' },
      value: { wrap: true },
      spacing: 14,
    },
    table: { cellSpacing: 8 },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { color: 'attention' },
    },
  };
}
