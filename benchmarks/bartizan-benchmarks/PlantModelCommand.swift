import ArgumentParser
import EngineSupport
import Foundation
import ThreatLanguage

/// Writes a plant's instance model as a file that mal-toolbox loads.
struct PlantModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant-model", abstract: "Write a plant's instance model as JSON.")

  @Argument(help: ArgumentHelp("coreLang's main file.", valueName: "MAIN.mal")) var path: String
  @Option(help: "Assets of the plant.") var assets = 2_439

  func run() throws {
    let plant = try PlantModel(try LanguageFile.compile(path), assets: assets)
    let file = InstanceModelFile(
      model: plant.instance, name: "plant", language: plant.language)
    FileHandle.standardOutput.write(Data(try file.bytes(as: .json, in: plant.language)))
  }
}
