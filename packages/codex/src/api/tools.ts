export interface AnyTool {
  readonly name: string;
}
