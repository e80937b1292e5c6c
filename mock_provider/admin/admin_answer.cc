#include "mock_provider/admin/admin_answer.h"

#include <fmt/format.h>

#include <sstream>

#include "mock_provider/http/json_text.h"

namespace mock_provider {

HttpAnswer AdminError(int status, const std::string& text) {
  std::string mistakes, first, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) {
    if (first.empty()) first = line;
    mistakes += (mistakes.empty() ? "" : ",") + QuoteJsonLossy(line);
  }
  return JsonAnswer(fmt::format(R"({{"error":{},"mistakes":[{}]}})", QuoteJsonLossy(first), mistakes),
                    status);
}

HttpAnswer StatusAnswer(const absl::Status& status) {
  if (status.ok()) return JsonAnswer(R"({"ok":true})");
  const std::string text(status.message());
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return AdminError(404, text);
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kUnavailable:
      return AdminError(409, text);
    default:
      return AdminError(400, text);
  }
}

}  // namespace mock_provider
