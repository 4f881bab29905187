import { useEffect, useReducer, useState } from 'preact/hooks';
import type { RecentCall } from '../../observe/recent-calls.ts';
import type { Api } from './api.ts';
import { type CallList, changeList, EMPTY_LIST, type ListChange } from './call-list.ts';
import { followCalls, type StreamState } from './call-stream.ts';

export interface Calls {
  readonly list: CallList;
  readonly state: StreamState;
  readonly change: (change: ListChange) => void;
}

/** How long calls that come one after the other are gathered, so that a burst is drawn once. */
const GATHER_MS = 60;

/** The list of calls, as they come. */
export function useCalls(api: Api, onRefused: (message: string) => void): Calls {
  const [list, change] = useReducer(changeList, EMPTY_LIST);
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    const end = new AbortController();
    let gathered: RecentCall[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      timer = undefined;
      change({ type: 'calls', calls: gathered });
      gathered = [];
    };
    const listener = {
      onList: (calls: readonly RecentCall[]) => change({ type: 'list', calls }),
      onCall: (call: RecentCall) => {
        gathered.push(call);
        timer ??= setTimeout(draw, GATHER_MS);
      },
      onState: setState,
      onRefused,
    };
    void followCalls(api, listener, end.signal);
    return () => {
      end.abort();
      clearTimeout(timer);
    };
  }, [api, onRefused]);
  return { list, state, change };
}
