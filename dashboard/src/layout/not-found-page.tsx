import { Link } from 'wouter';
import { Empty } from '../components/page-states';
import * as paths from '../paths';

export function NotFoundPage() {
  return (
    <Empty title="There is no such page" isPage>
      <Link href={paths.board}>Go to the board</Link>
    </Empty>
  );
}
