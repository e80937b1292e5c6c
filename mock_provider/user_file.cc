#include "mock_provider/user_file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mock_provider {

std::string ResolvePath(const std::string& path) {
  const char* caller = std::getenv("BUILD_WORKING_DIRECTORY");
  return caller ? (std::filesystem::path(caller) / path).string() : path;
}

absl::StatusOr<std::string> ReadUserFile(const std::string& name) {
  std::ifstream file(ResolvePath(name), std::ios::binary);
  std::ostringstream text;
  if (file.peek() == std::ifstream::traits_type::eof() && file.eof()) return std::string();
  if (!file || !(text << file.rdbuf())) {
    return absl::InvalidArgumentError(fmt::format("{}: cannot be read", name));
  }
  return text.str();
}

absl::Status WriteUserFile(const std::string& name, const std::string& text) {
  std::ofstream file(ResolvePath(name), std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::InvalidArgumentError(fmt::format("{}: cannot be written", name));
}

}  // namespace mock_provider
