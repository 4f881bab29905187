#!/usr/bin/env node
import { EnvHttpProxyAgent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { main } from './program.ts';

const { stdin, stdout, stderr, env } = process;
// A reader that goes away early (`| head`) is no error.
stdout.on('error', () => {});
// HTTP_PROXY, HTTPS_PROXY and NO_PROXY hold here as they do for other command line tools.
setGlobalDispatcher(new EnvHttpProxyAgent());
process.exitCode = await main(process.argv.slice(2), { stdin, stdout, stderr, env });
// Connections that are still being tried would keep the process waiting.
await getGlobalDispatcher().destroy();
