import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ThreatLanguage

/// The attack graph of an instance model from a file.
enum ModelGraph {
  /// Warnings are shown on standard error; throws `BadInput` with all that is wrong.
  ///
  /// - Parameters:
  ///   - path: path of the instance model.
  ///   - language: path of the threat language; `nil` for the bundled one.
  ///   - horizon: attacker days within which a step must succeed.
  static func generate(
    language: String?, model path: String, horizon: Double
  ) throws -> (InstanceModelFile, AttackGraph) {
    let language = try LanguageInput(path: language).compiled(isAdvised: false)
    var diagnostics = Diagnostics()
    let file = try InstanceInput.read(path, against: language, reportingTo: &diagnostics)
    let graph = AttackGraph(
      language, over: file.model, measured: [], horizon: horizon, reportingTo: &diagnostics)
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    Terminal.show(diagnostics.all)
    return (file, graph)
  }
}
