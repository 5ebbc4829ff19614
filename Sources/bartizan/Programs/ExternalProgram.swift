import Foundation

/// Runs a program of the system on text that this program wrote itself, and takes what it prints.
struct ExternalProgram {
  /// Found on the path.
  let name: String
  let arguments: [String]
  /// After so long it is killed.
  let secondsAtMost: Int

  struct Answer {
    /// The exit status; `nil` if a signal ended the program.
    let status: Int32?
    let output: Data

    /// The status with which `env` says that it found no such program.
    var isMissing: Bool { status == 127 }
  }

  func answer(to text: String) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw WorldFailure(description: "\(name) cannot be started: \(error.localizedDescription)")
    }
    // Written from another thread: neither side may wait for the other's full pipe.
    let writer = Thread {
      // A program that ends before it has read everything must not end this one.
      var broken = sigset_t()
      unsafe sigemptyset(&broken)
      unsafe sigaddset(&broken, SIGPIPE)
      unsafe pthread_sigmask(SIG_BLOCK, &broken, nil)
      try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let guardian = DispatchWorkItem { [process] in
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(secondsAtMost), execute: guardian)
    let answered = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guardian.cancel()
    return Answer(
      status: process.terminationReason == .exit ? process.terminationStatus : nil,
      output: answered)
  }
}
