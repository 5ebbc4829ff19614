import AttackGraphs
import Foundation

/// Runs the answer-set solver `clasp` as a process on a program that this program wrote itself.
struct ClaspSolver: AnswerSetSolver {
  /// The solver stops itself after so long and says what it knows.
  private static let secondsAtMost = 120
  /// After so much longer it is ended from outside.
  private static let secondsOfGrace = 10

  func solve(_ program: String, arguments: [String]) throws -> AnswerSetOutput {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["clasp", "--time-limit=\(Self.secondsAtMost)"] + arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw WorldFailure(description: "clasp cannot be started: \(error.localizedDescription)")
    }
    // Written from another thread: neither side may wait for the other's full pipe.
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(program.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let guardian = DispatchWorkItem { [process] in
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    DispatchQueue.global().asyncAfter(
      deadline: .now() + .seconds(Self.secondsAtMost + Self.secondsOfGrace), execute: guardian)
    let answered = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guardian.cancel()
    guard process.terminationReason == .exit else {
      throw WorldFailure(description: "clasp was ended before it answered")
    }
    guard process.terminationStatus != 127 else {
      throw WorldFailure(
        description: "clasp is not installed: hardening needs this answer-set solver")
    }
    return AnswerSetOutput(status: process.terminationStatus, bytes: Array(answered))
  }
}
