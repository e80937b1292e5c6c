// A load balancer that answers for a dead backend: 502 with a web page. Framed right.
#include "mock_provider/faults/fault.h"

namespace mock_provider {

void HtmlError(const HttpAnswer& answer, WirePlan& wire) {
  HttpAnswer page;
  page.status = 502;
  page.http10 = answer.http10;
  page.keep_alive = answer.keep_alive;
  page.SetHeader("content-type", "text/html");
  page.body =
      "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n";
  wire.Write(HeadWithLength(page));
  wire.WriteBody(page.body);
}

}  // namespace mock_provider
