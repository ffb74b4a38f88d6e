import { expect, test } from 'vitest';
import { Workbench } from '../workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

// What GNU coreutils print.
test.each<[string, string]>([
  ['touch f; ls -l f | cut -c1-25', '-rw-r--r-- 1 learner lear\n'],
  ['touch f; chmod 600 f; stat -c "%a %A %U:%G" f', '600 -rw------- learner:learner\n'],
  ['touch f; chmod u+x,go-r f; stat -c %a f', '700\n'],
  ['touch f; chmod a=rx f; stat -c %A f', '-r-xr-xr-x\n'],
  ['touch f; chmod +x f; stat -c %a f', '755\n'],
  ['touch f; chmod +w f; stat -c %a f', '644\n'],
  ['touch f; chmod g=u f; stat -c %a f', '664\n'],
  ['mkdir d; touch d/f; chmod -R u=rwX,go= d; stat -c "%a %n" d d/f', '700 d\n600 d/f\n'],
  ['mkdir d; chmod 1777 d; stat -c %A d; chmod g+s d; stat -c "%a %A" d', 'drwxrwxrwt\n3777 drwxrwsrwt\n'],
  ['touch f; chmod 4644 f; stat -c %A f', '-rwSr--r--\n'],
  ['touch f; chmod 999 f', 'chmod: invalid mode: ‘999’\n'],
  ['chmod 600 nowhere', "chmod: cannot access 'nowhere': No such file or directory\n"],
  ['chmod 600', "chmod: missing operand after ‘600’\nTry 'chmod --help' for more information.\n"],
  ['touch f; chown 5:6 f; stat -c "%u %g" f', '5 6\n'],
  ['touch f; chown :nobody f; ls -l f | cut -d" " -f3,4', 'learner nobody\n'],
  ['touch f; chown somebody f', 'chown: invalid user: ‘somebody’\n'],
  ['touch f; chgrp 7 f; stat -c "%U %g" f', 'learner 7\n'],
  ['mkdir -m 700 d; stat -c %a d', '700\n'],
  [
    'printf abc > f; stat -c "%n %s %F" f; : > e; stat -c %F e; stat -c %F .',
    'f 3 regular file\nregular empty file\ndirectory\n',
  ],
  ['stat nowhere', "stat: cannot statx 'nowhere': No such file or directory\n"],
  ['touch f; chmod 640 f; cp f g; stat -c %a g', '640\n'],
  ['touch f; chmod 640 f; chown 5 f; cp -p f g; stat -c "%a %u" g', '640 5\n'],
  ['touch f; test -x f || echo no; chmod +x f; test -x f && echo yes', 'no\nyes\n'],
  ['touch f; chmod 0 f; [ -r f ] || echo no; [[ -w f ]] || echo no; [ -O f ] && echo own', 'no\nno\nown\n'],
  ['echo "echo ran" > s; ./s; chmod +x s; ./s', 'bash: line 1: ./s: Permission denied\nran\n'],
  ['echo "echo ran" > s; ./s 2>/dev/null; echo $?', '126\n'],
  ['[ -c /dev/null ] && ls -l /dev/null | cut -c1-10', 'crw-rw-rw-\n'],
  [
    'ls -n f 2>&1; touch f; ls -n f | cut -d" " -f3,4',
    "ls: cannot access 'f': No such file or directory\n1000 1000\n",
  ],
  [
    'echo 3sr+ | base64 -d | hexdump -C',
    '00000000  de ca fe                                          |...|\n00000003\n',
  ],
  ['printf "ab\\nc" | hexdump', '0000000 6261 630a\n0000004\n'],
  ['echo 3sr+ | base64 -d | base64; echo 3sr+ | base64 -d | wc -c', '3sr+\n3\n'],
])('%s', async (script, output) => {
  const { stdout, stderr } = await new Workbench(hop).run(script);
  expect(stderr + stdout).toBe(output);
});

test('stat shows all that there is to a file', async () => {
  const { stdout } = await new Workbench(hop).run('printf hello > f; chmod 640 f; stat f');
  expect(stdout).toBe(`  File: f
  Size: 5         	Blocks: 8          IO Block: 4096   regular file
Access: (0640/-rw-r-----)  Uid: ( 1000/ learner)   Gid: ( 1000/ learner)
Access: 2026-01-01 00:00:00.000000000 +0000
Modify: 2026-01-01 00:00:00.000000000 +0000
Change: 2026-01-01 00:00:00.000000000 +0000
`);
});
