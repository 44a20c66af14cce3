/** Microsoft's own: an ending stands for every name below it. */
const connectorHosts = [
  'smba.trafficmanager.net',
  '.botframework.com',
  // the clouds of the United States government
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  '.teams.microsoft.us',
  '.botframework.azure.us',
];
const fileHosts = ['.sharepoint.com', '.sharepoint.us', '.sharepoint-mil.us', '.sharepoint.de', '.sharepoint.cn'];

/**
 * Whether an address that comes with a message leads to Microsoft, so that we may go there, our token with us. Whoever wrote the message wrote
 * the address, so it is judged before it is called or kept.
 */
function isOf(hosts: readonly string[], address: string, allowed: readonly string[]): boolean {
  // signs that readers of addresses take for different things
  if (address.length > 4000 || /[\s\\]/.test(address) || !URL.canParse(address)) return false;
  const { protocol, hostname, host, port, username, password } = new URL(address);
  if (username || password) return false;
  if (/^https?:$/.test(protocol) && allowed.includes(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`)) return true;
  return (
    protocol === 'https:' && host === hostname && hosts.some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one))
  );
}

/** Where the Bot Connector answers: what is asked there is put behind it, so it has to end with a path. */
export const isConnector = (address: string, allowed: readonly string[]): boolean =>
  !/[?#]/.test(address) && isOf(connectorHosts, address, allowed);

/** Where files lie that people attach. */
export const isFileStore = (address: string, allowed: readonly string[]): boolean => isOf(fileHosts, address, allowed);
