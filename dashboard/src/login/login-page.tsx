/** The ways to log in that the server has. */
export function LoginPage() {
  return (
    <main>
      <h1>Log in to Windlass</h1>
    </main>
  );
}
