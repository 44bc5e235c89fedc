import java.net.HttpURLConnection;
import java.net.URI;

/// Asks the same URL again and again, each time by a new connection, and prints what came of it.
class Keeper {

    public static void main(String[] arguments) throws Exception {
        while (true) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create(arguments[0]).toURL().openConnection();
                connection.setRequestProperty("Connection", "close");
                connection.setConnectTimeout(300);
                connection.setReadTimeout(300);
                System.out.println("answered " + connection.getResponseCode());
            } catch (java.io.IOException unanswered) {
                System.out.println("not answered: " + unanswered.getMessage());
            }
            Thread.sleep(200);
        }
    }
}
