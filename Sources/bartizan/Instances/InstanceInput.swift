import AssessmentPipeline
import EngineSupport
import Foundation
import ThreatLanguage

/// An instance model from a file.
enum InstanceInput {
  /// Throws `BadInput` with all that is wrong; warnings are reported.
  static func read(
    _ path: String, against language: CompiledLanguage, reportingTo diagnostics: inout Diagnostics
  ) throws -> InstanceModelFile {
    let document = try FileAccess.read(
      path, as: URL(fileURLWithPath: path).lastPathComponent, limit: ProductLimits.file)
    guard
      let file = InstanceModelFile(
        reading: document, against: language, reportingTo: &diagnostics)
    else { throw BadInput(diagnostics.all) }
    return file
  }
}
