// Files that the user names on the command line.
#ifndef ARBSTR_MOCK_PROVIDER_USER_FILE_H_
#define ARBSTR_MOCK_PROVIDER_USER_FILE_H_

#include <absl/status/statusor.h>

#include <string>

namespace mock_provider {

// The path as the user meant it: relative to the folder the user is in, which under `bazel run` is not the
// program's own.
std::string ResolvePath(const std::string& path);

// InvalidArgument of both names the file that cannot be read or written.
absl::StatusOr<std::string> ReadUserFile(const std::string& name);
// Replaces it.
absl::Status WriteUserFile(const std::string& name, const std::string& text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_USER_FILE_H_
