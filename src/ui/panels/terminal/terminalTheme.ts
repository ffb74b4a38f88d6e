import type { ITheme } from '@xterm/xterm';

/** The sixteen colours for each of the two designs; background and text are the page's own. */
const palettes: Readonly<Record<'dark' | 'light', ITheme>> = {
  dark: {
    background: '#0a0e14',
    foreground: '#e3e9f1',
    cursor: '#7db2ff',
    cursorAccent: '#0a0e14',
    selectionBackground: '#2b4a75',
    black: '#2a3240',
    red: '#ff8377',
    green: '#5ed6a0',
    yellow: '#ecc15c',
    blue: '#7db2ff',
    magenta: '#d7a3f5',
    cyan: '#6fd0dd',
    white: '#d5dce6',
    brightBlack: '#8793a5',
    brightRed: '#ffa59b',
    brightGreen: '#8ce8bd',
    brightYellow: '#f6d98f',
    brightBlue: '#a8ccff',
    brightMagenta: '#e6c6fb',
    brightCyan: '#a0e4ec',
    brightWhite: '#ffffff',
  },
  light: {
    background: '#f5f7fa',
    foreground: '#1f2733',
    cursor: '#2456c9',
    cursorAccent: '#f5f7fa',
    selectionBackground: '#c4d8ff',
    black: '#1f2733',
    red: '#b3261e',
    green: '#0f7a4d',
    yellow: '#8a5a00',
    blue: '#2456c9',
    magenta: '#8333a8',
    cyan: '#0d6f80',
    white: '#5b6675',
    brightBlack: '#5b6675',
    brightRed: '#c63a31',
    brightGreen: '#13865a',
    brightYellow: '#956300',
    brightBlue: '#3a69d6',
    brightMagenta: '#9747bd',
    brightCyan: '#177c8d',
    brightWhite: '#1f2733',
  },
};

export function terminalTheme(theme: 'dark' | 'light'): ITheme {
  return palettes[theme];
}
