public import AssessmentPipeline

/// Turns a finished assessment into files; pure: the same result gives the same bytes.
public protocol Reporter: Sendable {
  /// Stable short name, such as `html`.
  static var format: String { get }

  /// - Throws: what a `GraphLayout` throws, and `LayoutFailure` for a layout that is not one.
  func render(_ result: AssessmentResult) throws -> [ReportFile]
}

/// One file of a report.
public struct ReportFile: Sendable, Hashable {
  /// Relative path with `/`, from a safe alphabet.
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}
