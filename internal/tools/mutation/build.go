package main

import (
	"encoding/json"
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// others are the operators that gremlins puts in another's place, by kind.
var others = map[string]map[token.Token]token.Token{
	"ARITHMETIC_BASE":       {token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL},
	"CONDITIONALS_BOUNDARY": {token.GEQ: token.GTR, token.GTR: token.GEQ, token.LEQ: token.LSS, token.LSS: token.LEQ},
	"CONDITIONALS_NEGATION": {token.EQL: token.NEQ, token.NEQ: token.EQL, token.GEQ: token.LSS, token.LSS: token.GEQ, token.GTR: token.LEQ, token.LEQ: token.GTR},
	"INCREMENT_DECREMENT":   {token.INC: token.DEC, token.DEC: token.INC},
	"INVERT_LOGICAL":        {token.LAND: token.LOR, token.LOR: token.LAND},
	"INVERT_LOOPCTRL":       {token.BREAK: token.CONTINUE, token.CONTINUE: token.BREAK},
	"INVERT_NEGATIVES":      {token.SUB: token.ADD},
}

// changed returns a file's text with one change.
func changed(src []byte, m mutant) ([]byte, error) {
	at := 0
	for range m.Line - 1 {
		at += strings.Index(string(src[at:]), "\n") + 1
	}
	at += m.Column - 1
	found := token.ILLEGAL
	for from := range others[m.Kind] { // of < and <=, the longer one stands there
		if strings.HasPrefix(string(src[at:]), from.String()) && (found == token.ILLEGAL || len(from.String()) > len(found.String())) {
			found = from
		}
	}
	if found == token.ILLEGAL {
		return nil, fmt.Errorf("no operator for %s at %s:%d:%d", m.Kind, m.File, m.Line, m.Column)
	}
	to := others[m.Kind][found].String()
	return append(append(append([]byte{}, src[:at]...), to...), src[at+len(found.String()):]...), nil
}

// build builds the tests of a package with other texts for some of its files. It
// returns what the compiler said if they don't compile.
func build(dir, pkg, temp, out string, texts map[string][]byte) (string, error) {
	replace := map[string]string{}
	for name, text := range texts {
		full, err := filepath.Abs(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		f, err := os.CreateTemp(temp, "*.go")
		if err != nil {
			return "", err
		}
		if _, err := f.Write(text); err != nil {
			return "", err
		}
		if err := f.Close(); err != nil {
			return "", err
		}
		replace[full] = f.Name()
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(temp, "overlay.json")
	if err := os.WriteFile(overlay, b, 0o600); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", out, "./"+pkg)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	if _, ok := err.(*exec.ExitError); ok {
		return string(said), nil
	}
	return "", err
}
