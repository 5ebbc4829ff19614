/// The exit codes of every command, part of the product's interface.
enum ExitStatus: Int32, Error {
  case clean = 0
  /// A finding at or over the gate.
  case gateHit = 1
  case badInput = 2
  case worldFailed = 3
  /// `certify` could neither prove nor refute.
  case undecided = 4
}

/// Something outside the engine went wrong: a disk, a permission, a missing tool.
struct WorldFailure: Error, CustomStringConvertible {
  var description: String
}
