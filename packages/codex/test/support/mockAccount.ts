/** A ChatGPT user as the mock issuer signs one in and the mock back end knows one. */
export interface MockAccount {
  readonly email: string;
  readonly userId: string;
  readonly accountId: string;
  readonly planType: string;
  readonly workspaceName: string;
}

export const mockAccount: MockAccount = {
  email: "ada@example.test",
  userId: "user-ada",
  accountId: "account-ada",
  planType: "pro",
  workspaceName: "Ada's workspace",
};

/** Stored login of the runtime. The tokens are unsigned: it reads their claims, and trusts the issuer. */
export function tokensFor(account: MockAccount): {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
} {
  const token = unsignedJwt({
    email: account.email,
    sub: account.userId,
    exp: Math.floor(Date.now() / 1000) + 3600,
    "https://api.openai.com/auth": {
      chatgpt_plan_type: account.planType,
      chatgpt_user_id: account.userId,
      user_id: account.userId,
      chatgpt_account_id: account.accountId,
    },
  });
  return { id_token: token, access_token: token, refresh_token: "mock-refresh-token" };
}

function unsignedJwt(claims: object): string {
  return `${jwtPart({ alg: "none", typ: "JWT" })}.${jwtPart(claims)}.c2ln`;
}

function jwtPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
