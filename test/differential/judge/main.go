// Judge answers with Go's own code what gomodcap claims to know: one JSON case a line in, one answer a line out.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"golang.org/x/mod/module"
	"golang.org/x/net/http/httpproxy"
)

type question struct {
	// HTTPS, HTTP and No are the values of the variables; URL is what is asked for.
	HTTPS, HTTP, No, URL string
	CGI                  bool
	// Globs and Path, where the question is one of globs.
	Globs, Path string
	// Roots asks how many trust anchors the environment gives.
	Roots bool
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		answer, _ := json.Marshal(answer(q))
		fmt.Fprintf(out, "%s\n", answer)
	}
}

func answer(q question) string {
	if q.Roots {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return "0"
		}
		//lint:ignore SA1019 they are all loaded from files here
		return fmt.Sprint(len(pool.Subjects()))
	}
	if q.Path != "" {
		return fmt.Sprint(module.MatchPrefixPatterns(q.Globs, q.Path))
	}
	target, err := url.Parse(q.URL)
	if err != nil {
		return "unparsable"
	}
	config := &httpproxy.Config{HTTPProxy: q.HTTP, HTTPSProxy: q.HTTPS, NoProxy: q.No, CGI: q.CGI}
	proxy, err := config.ProxyFunc()(target)
	switch {
	case err != nil:
		return "refused"
	case proxy == nil:
		return "direct"
	}
	return fmt.Sprintf("%s|%s|%s|%t", proxy.Scheme, proxy.Hostname(), proxy.Port(), proxy.User != nil)
}
