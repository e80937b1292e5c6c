// What the admin API says to a request.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ANSWER_H_

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/journal/journal_json.h"

namespace mock_provider {

// At most one of `make` and `journal` is there. Both take as long as the journal is: they are for a thread
// that no provider waits for.
struct AdminAnswer {
  AdminAnswer(HttpAnswer known) : answer(std::move(known)) {}
  explicit AdminAnswer(std::function<HttpAnswer()> later) : make(std::move(later)) {}
  AdminAnswer(HttpAnswer head, std::unique_ptr<JournalText> body)
      : answer(std::move(head)), journal(std::move(body)) {}

  HttpAnswer answer{};
  std::function<HttpAnswer()> make{};      // makes the answer
  std::unique_ptr<JournalText> journal{};  // the answer's body, piece by piece
};

// {"error": first line, "mistakes": [every line]}
HttpAnswer AdminError(int status, const std::string& text);

// 200, or the error that the status says.
HttpAnswer StatusAnswer(const absl::Status& status);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ANSWER_H_
