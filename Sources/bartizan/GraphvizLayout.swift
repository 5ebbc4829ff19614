import Foundation
import Reporting

/// Places nodes and edges with Graphviz's `dot`, run as a process on text that this program wrote itself.
struct GraphvizLayout: GraphLayout {
  private static let secondsAtMost = 60.0

  func place(_ source: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["dot", "-Tplain"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw WorldFailure(description: "dot cannot be started: \(error.localizedDescription)")
    }
    // Written from another thread: neither side may wait for the other's full pipe.
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(source.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let guardian = DispatchWorkItem { [process] in
      if process.isRunning { process.terminate() }
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.secondsAtMost, execute: guardian)
    let placed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guardian.cancel()
    guard process.terminationStatus == 0, let text = String(data: placed, encoding: .utf8) else {
      throw WorldFailure(
        description: process.terminationStatus == 127
          ? "Graphviz is not installed: the report's picture needs its command `dot`"
          : "dot ended with status \(process.terminationStatus)")
    }
    return text
  }
}
