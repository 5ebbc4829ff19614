import AssessmentPipeline
import EngineSupport
import Foundation
import Synchronization

/// What people see while a command runs: diagnostics on standard error, and progress where it is a terminal.
enum Terminal {
  static func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  static func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  static func show(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { complain(diagnostic.description) }
  }

  /// Runs a command's work; bad input and failures of the world become messages and exit codes.
  static func reportingFailures(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch let input as BadInput {
      show(input.diagnostics)
      throw ExitStatus.badInput
    } catch let diagnostic as Diagnostic {
      show([diagnostic])
      throw ExitStatus.badInput
    } catch let status as ExitStatus {
      throw status
    } catch {
      complain("bartizan: \(error)")
      throw ExitStatus.worldFailed
    }
  }
}

/// One line on a terminal that says how far the work has come; silent when piped and for the first second.
final class ProgressLine: Sendable {
  private let isVisible = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private let shown = Mutex("")
  /// When each stage began, to say how long it will still take.
  private let stages = Mutex<[String: ContinuousClock.Instant]>([:])

  func update(_ progress: AssessmentProgress) {
    guard isVisible, ContinuousClock.now - start > .seconds(1) else { return }
    var text = progress.stage
    if let share = progress.share {
      text += " \(Int(share * 100)) %" + timeLeft(of: progress.stage, share)
    }
    shown.withLock { shown in
      guard text != shown else { return }
      write("\r\u{1B}[K\(text)")
      shown = text
    }
  }

  /// Said once a twentieth is done and it is a matter of seconds.
  private func timeLeft(of stage: String, _ share: Double) -> String {
    let name = String(stage.prefix { $0 != ":" })
    let now = ContinuousClock.now
    let begun = stages.withLock { stages in
      if stages[name] == nil { stages[name] = now }
      return stages[name] ?? now
    }
    let spent = (now - begun) / .seconds(1)
    guard share > 0.05, share < 1, spent > 2 else { return "" }
    let left = Int((spent / share * (1 - share)).rounded(.up))
    return left < 90 ? ", \(left) s left" : ", \(left / 60 + 1) min left"
  }

  /// Removes the line.
  func finish() {
    shown.withLock { shown in
      if !shown.isEmpty { write("\r\u{1B}[K") }
      shown = ""
    }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
