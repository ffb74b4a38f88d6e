import { formatAge } from '#ui/parts/format.ts';
import { useSession } from '#ui/store/context.ts';
import { useAnswer } from './useAnswer.ts';
import { Waiting } from './Waiting.tsx';

export function Events({ id }: { readonly id: string }) {
  const { answer, error } = useAnswer({ type: 'events', rowId: id });
  const nowMs = useSession((state) => Math.floor(state.nowMs / 1000) * 1000);
  if (answer === null) return <Waiting error={error} />;
  if (answer.length === 0)
    return <p className="p-3 text-dim">No events about it. Kubernetes forgets them after an hour.</p>;
  return (
    <table className="w-full border-collapse text-left">
      <thead className="text-dim">
        <tr className="border-b border-line">
          {['Last', 'Type', 'Reason', 'From', 'Message'].map((title) => (
            <th key={title} scope="col" className="px-3 py-1 font-normal last:pr-3">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.map((event) => (
          <tr
            key={`${event.lastMs} ${event.reason} ${event.message}`}
            className="border-b border-line align-top"
          >
            <td className="num px-3 py-1 whitespace-nowrap text-dim">
              {formatAge(nowMs - event.lastMs)}
              {event.count > 1 && ` ×${event.count}`}
            </td>
            <td className={`px-3 py-1 ${event.type === 'Warning' ? 'text-pending' : 'text-dim'}`}>
              {event.type}
            </td>
            <td className="px-3 py-1">{event.reason}</td>
            <td className="px-3 py-1 text-dim">{event.from}</td>
            <td className="min-w-48 px-3 py-1 break-words">{event.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
