import type { Block, Inline } from '#classroom/lessonText.ts';

/** A lesson's words, drawn from plain data: no HTML of a lesson ever reaches the page. */
export function LessonWords({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <div className="flex flex-col gap-2 leading-relaxed">
      {blocks.map((block, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- words never move
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.type === 'paragraph')
    return (
      <p>
        <Inlines content={block.content} />
      </p>
    );
  if (block.type === 'code')
    return (
      <pre className="rounded-md border border-line bg-sunken px-3 py-2 font-mono break-words whitespace-pre-wrap">
        {block.text}
      </pre>
    );
  return (
    <ul className="list-disc pl-5">
      {block.items.map((item, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- words never move
        <li key={index}>
          <Inlines content={item} />
        </li>
      ))}
    </ul>
  );
}

export function Inlines({ content }: { readonly content: readonly Inline[] }) {
  return content.map((inline, index) => {
    const key = `${index} ${inline.type}`;
    switch (inline.type) {
      case 'code':
        return (
          <code key={key} className="rounded border border-line bg-sunken px-1 font-mono break-words">
            {inline.text}
          </code>
        );
      case 'strong':
        return <strong key={key}>{inline.text}</strong>;
      case 'emphasis':
        return <em key={key}>{inline.text}</em>;
      case 'link':
        return (
          <a key={key} href={inline.href} target="_blank" rel="noreferrer" className="text-accent underline">
            {inline.text}
          </a>
        );
      case 'text':
        return <span key={key}>{inline.text}</span>;
    }
  });
}
