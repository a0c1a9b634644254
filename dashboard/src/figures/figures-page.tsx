/** How long promotions take, and how many succeed. */
export default function FiguresPage() {
  return <h1>Figures</h1>;
}
