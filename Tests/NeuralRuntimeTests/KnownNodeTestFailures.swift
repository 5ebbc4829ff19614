/// ONNX node tests whose answer differs from ours, and why ours stands.
enum KnownNodeTestFailures {
  static let reasons: [String: String] = [:]
}
