import EngineSupport
import NetworkVerification
import Provenance

/// How near an input some class can be reached, as text for people, as JSON for programs, and as an exit code.
struct NearestExample {
  struct Target {
    var label: Int
    var bracket: DistortionBracket
    var seconds: Double
  }

  var model: CheckedProperty.File
  var input: CheckedProperty.File
  var sample: Int
  var norm: DistortionNorm
  var arithmetic: MinimalDistortion.Arithmetic
  var range: ClosedRange<Float>
  var targets: [Target]

  var status: ExitStatus {
    targets.contains { $0.bracket.ending == .limit } ? .undecided : .clean
  }

  private var holdsFor: String {
    switch arithmetic {
    case .anyFloat: "exact arithmetic, and Float sums in any order, operator by operator"
    case .exact: "exact arithmetic"
    }
  }

  var text: String {
    var lines = [
      "model            \(model.name)",
      "input            sample \(sample) of \(input.name), each element within "
        + "\(range.lowerBound) … \(range.upperBound)",
      "distance         \(norm == .linf ? "the greatest change (L∞)" : "the sum of changes (L1)")",
      "holds for        \(holdsFor)",
    ]
    for target in targets {
      let bracket = target.bracket
      let reach =
        switch bracket.ending {
        case .infeasible: "is out of reach"
        default:
          "needs from \(DecimalText.exact(bracket.lower)) to "
            + (bracket.upper.map(DecimalText.exact) ?? "no example found")
        }
      lines.append(
        "class \(target.label)".padding(to: 16)
          + " \(reach) (\(bracket.ending.rawValue), \(bracket.nodes) nodes, "
          + "\(DecimalText.fixed(target.seconds, digits: 2)) s)")
    }
    return lines.joined(separator: "\n")
  }

  /// Without the time, so that the same inputs give the same bytes wherever the search came to its end.
  var json: JSONValue {
    func file(_ file: CheckedProperty.File) -> JSONValue {
      .object([("file", .string(file.name)), ("sha256", .string(file.digest.hexadecimal))])
    }
    let parts = targets.map { target in
      var members: [(String, JSONValue)] = [
        ("class", .integer(target.label)), ("ending", .string(target.bracket.ending.rawValue)),
        ("nodes", .integer(target.bracket.nodes)), ("pivots", .integer(target.bracket.pivots)),
      ]
      if target.bracket.lower.isFinite {
        members.append(("lower", .string(DecimalText.exact(target.bracket.lower))))
      }
      if let upper = target.bracket.upper {
        members.append(("upper", .string(DecimalText.exact(upper))))
      }
      if let example = target.bracket.example {
        members.append(
          ("example", .strings(example.map { DecimalText.exact(Double($0)) })))
      }
      return JSONValue.object(members)
    }
    return .object([
      ("model", file(model)), ("input", file(input)), ("sample", .integer(sample)),
      ("norm", .string(norm.rawValue)), ("holdsFor", .string(arithmetic.rawValue)),
      (
        "range",
        .strings([range.lowerBound, range.upperBound].map { DecimalText.exact(Double($0)) })
      ),
      ("classes", .array(parts)),
    ])
  }
}
