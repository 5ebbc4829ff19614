import EngineSupport
import NetworkVerification
import Provenance

/// The result of a check as text for people, as JSON for programs, and as an exit code.
struct CheckedProperty {
  struct File {
    var name: String
    var digest: ContentDigest
  }

  var model: File
  var property: File
  var cases: Int
  var result: VerificationResult
  var seconds: Double

  var counterExample: CounterExample? {
    if case .refuted(let found) = result.verdict { found } else { nil }
  }

  var status: ExitStatus {
    switch result.verdict {
    case .proved: .clean
    case .refuted: .gateHit
    case .unknown: .undecided
    }
  }

  private var verdict: String {
    switch result.verdict {
    case .proved: "proved"
    case .refuted: "refuted"
    case .unknown: "unknown"
    }
  }

  var text: String {
    var lines = [
      "model            \(model.name)",
      "property         \(property.name) (\(cases) \(cases == 1 ? "case" : "cases"))",
    ]
    switch result.verdict {
    case .proved:
      lines.append("verdict          proved: no input in the property's boxes violates it")
      lines.append(
        "holds for        exact arithmetic, and Float sums in any order, operator by operator")
    case .refuted(let found):
      lines.append(
        "verdict          refuted: the inputs below violate it (case \(found.caseIndex + 1))")
      lines.append(
        "replayed         in Float and in Double; every input is a Float inside its bounds")
    case .unknown(let share):
      lines.append("verdict          unknown: neither proved nor refuted")
      lines.append("still open       \(DecimalText.percent(share, digits: 4)) of the boxes' volume")
    }
    lines.append("method           \(result.method.rawValue)")
    lines.append("work             \(result.boxes) boxes bounded, \(result.samples) points tried")
    lines.append("time             \(DecimalText.fixed(seconds, digits: 2)) s")
    if let found = counterExample {
      lines.append("counter-example")
      lines.append(String(found.text.dropLast()))
    }
    return lines.joined(separator: "\n")
  }

  /// One line of a list: verdict as VNN-COMP calls it, seconds, boxes, files.
  var line: String {
    let word =
      switch result.verdict {
      case .proved: "unsat"
      case .refuted: "sat"
      case .unknown: "unknown"
      }
    return
      "\(word)\t\(DecimalText.fixed(seconds, digits: 2))\t\(result.boxes)\t\(model.name)\t\(property.name)"
  }

  /// Without the time, so that the same inputs give the same bytes wherever the check was settled.
  var json: JSONValue {
    func file(_ file: File) -> JSONValue {
      .object([("file", .string(file.name)), ("sha256", .string(file.digest.hexadecimal))])
    }
    var members: [(String, JSONValue)] = [
      ("model", file(model)), ("property", file(property)), ("verdict", .string(verdict)),
      ("method", .string(result.method.rawValue)), ("boxes", .integer(result.boxes)),
      ("points", .integer(result.samples)),
    ]
    if case .unknown(let share) = result.verdict {
      members.append(("openShare", .string(DecimalText.exact(share))))
    }
    if let found = counterExample {
      func numbers(_ values: [Float]) -> JSONValue {
        .strings(values.map { DecimalText.exact(Double($0)) })
      }
      members.append(
        (
          "counterExample",
          .object([
            ("case", .integer(found.caseIndex + 1)), ("inputs", numbers(found.inputs)),
            ("outputs", numbers(found.outputs)),
          ])
        ))
    }
    return .object(members)
  }
}
