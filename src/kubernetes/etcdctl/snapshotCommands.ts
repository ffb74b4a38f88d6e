// Upstream: etcd's etcdutl/etcdutl/snapshot_command.go, etcdctl/ctlv3/command/snapshot_command.go
import { SnapshotError, type Snapshots } from '#kubernetes/etcd/snapshots.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import type { CommandLine } from './commandLine.ts';
import { Failure } from './failure.ts';
import { humanBytes, table } from './table.ts';

const version = '3.6.0';

/** `snapshot status FILE`. */
export async function snapshotStatus<V>(
  process: Process,
  line: CommandLine,
  snapshots: Snapshots<V>,
): Promise<void> {
  const { hash, revision, totalKeys, totalSize } = readSnapshot(process, line, snapshots);
  if (line.format === 'json') {
    const json = { hash: Number.parseInt(hash, 16), revision, totalKey: totalKeys, totalSize, version };
    return process.stdout.write(`${JSON.stringify(json)}\n`);
  }
  const row = [hash, String(revision), String(totalKeys), humanBytes(totalSize), version];
  const heads = ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'];
  await process.stdout.write(line.format === 'table' ? table(heads, [row]) : `${row.join(', ')}\n`);
}

/** `snapshot restore FILE --data-dir DIR`: only files are made; a member that is started on them serves what they hold. */
export async function snapshotRestore<V>(
  process: Process,
  line: CommandLine,
  snapshots: Snapshots<V>,
): Promise<void> {
  const name = line.text('name') || 'default';
  const directory = resolvePath(process.workingDirectory, line.text('data-dir') || `${name}.etcd`);
  const { files } = process;
  readSnapshot(process, line, snapshots);
  if (
    files.status(directory)?.type === 'file' ||
    (files.status(directory) && files.list(directory).length > 0)
  )
    throw new Failure(`data-dir ${JSON.stringify(directory)} not empty or could not be read`);
  const text = files.read(resolvePath(process.workingDirectory, line.words[2]!));
  files.makeDirectory(`${directory}/member/snap`, { parents: true });
  files.makeDirectory(`${directory}/member/wal`, { parents: true });
  files.write(`${directory}/member/snap/db`, text);
  await process.stderr.write(
    `${JSON.stringify({
      level: 'info',
      caller: 'snapshot/v3_snapshot.go:333',
      msg: 'restored snapshot',
      path: line.words[2],
      'data-dir': directory,
    })}\n`,
  );
  if (line.text('bump-revision') === '')
    await process.stderr.write(
      'Podarium: revisions will go on from the present one, as with --bump-revision and --mark-compacted.\n',
    );
}

function readSnapshot<V>(process: Process, line: CommandLine, snapshots: Snapshots<V>) {
  const [, command, path] = line.words;
  if (path === undefined) throw new Failure(`snapshot ${command} requires exactly one argument`);
  try {
    return snapshots.read(process.files.read(resolvePath(process.workingDirectory, path)));
  } catch (error) {
    if (error instanceof FileError) throw new Failure(`stat ${path}: ${error.message.toLowerCase()}`);
    if (error instanceof SnapshotError) throw new Failure(error.message);
    throw error;
  }
}
